"""Disguises as people write them, made without a look at the tables that see through them.

Every technique is built from Unicode data, opencc, pypinyin or a list written for this bench; nothing here reads
``lexicons/folding``. Words are handled as *units*, one string for each original character, so that a second technique
works on what the first left untouched.
"""
