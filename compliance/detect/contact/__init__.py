"""Recognise contact details: numbers, accounts and addresses that no list can hold."""

from compliance.detect.contact.found import Found
from compliance.detect.contact.recognise import recognise, worth_recognising

__all__ = ["Found", "recognise", "worth_recognising"]
