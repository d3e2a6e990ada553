"""What ends a run: a program that fails, prices that are not there, a record that another run writes."""


class Failure(Exception):
    """Says what is wrong and what to do."""
