"""How it lives: one twin per live panel."""
