"""Recognise contact details: numbers, accounts and addresses that no list can hold."""

from compliance.detect.contact.found import Found
from compliance.detect.contact.recognise import ContactRecognisers

__all__ = ["ContactRecognisers", "Found"]
