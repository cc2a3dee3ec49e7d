"""An agency of the network, written from docs/PROTOCOL.md alone.

It shares nothing with the C programs but the .proto files.  Read it in this order: keys, envelope,
letter, consent, directory, log, link, agency.
"""
