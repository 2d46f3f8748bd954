"""Find what could break a rule: terms, sentence patterns, contact details."""
