"""A text that two people bring before the public: the question of a purpose, the entry of an algorithm.

draft -> sent for approval (its checks passed) -> approved by someone else -> published = frozen -> replaced or closed.
"""
