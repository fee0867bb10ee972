"""The register: the only place where a name meets a care fact. A join, an audit line, nothing else."""
