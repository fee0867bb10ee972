"""Screens for coordinators, managers and administrators. No SQL and no rules here."""
