"""Whether a process can be run to an end, and whether it is a good one: what no schema can say of its stages."""
