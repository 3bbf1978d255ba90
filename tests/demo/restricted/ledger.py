"""Code that nobody outside needs to see: the policy beside it restricts it."""


def settle(balance: int, amount: int) -> int:
    """What is left when an amount was taken."""
    return balance - amount
