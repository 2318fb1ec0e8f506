"""Says in one sentence when this Python is too old to set the city up."""

import sys

if sys.version_info < (3, 11):
    sys.exit("citybrain needs Python 3.11 or newer; name one with `make run PYTHON=python3.12`.")
