"""Identities of clients, sealed: names, phones, addresses, how each may be contacted.

Every client has a key of her own, wrapped by her organisation's. Only `register` and `linkage` come in here, and
they work as the database roles mm_people and mm_linkage meanwhile.
"""
