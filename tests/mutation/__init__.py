"""Deliberate bugs of the emulator: does a test of ours catch each of them?"""
