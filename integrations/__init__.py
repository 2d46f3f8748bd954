"""Plug-ins that run inside other programs."""
