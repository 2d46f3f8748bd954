"""The browser extension and the userscript, built from one source."""
