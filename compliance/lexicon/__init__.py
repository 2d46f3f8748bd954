"""Rules as data: read, checked, compiled into one immutable bundle."""
