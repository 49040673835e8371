"""Read-only facts that the rest of the product builds on.

Checklists with their legal basis, goods categories, the labels of every code, and the column mappings of
known stolen-property files. Everything here is data in TOML with a typed, cached reader; nothing is written.
"""
