"""What makes a log provable: its hash chain, its Merkle tree, signed checkpoints, and files that anybody can check.

Nothing here needs a database: a proof is checked with these modules alone.
"""
