"""Who may do what, where: users, roles, site scope, devices, keys of the installation, the audit trail."""
