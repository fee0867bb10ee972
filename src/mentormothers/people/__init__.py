"""Identities of clients, sealed: names, phones, addresses, how each may be contacted.

Every client has a key of her own, wrapped by her organisation's. Only `register` and `linkage` come in here, and
they work as the database role mm_people meanwhile.
"""
