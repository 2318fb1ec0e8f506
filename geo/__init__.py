"""Where things are: points, cells, areas, datums; pure and without I/O."""
