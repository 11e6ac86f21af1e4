"""Money of one account, in whole millionths of a US dollar so that nothing is lost to rounding."""

from __future__ import annotations

MICRO = 1_000_000


class Ledger:
    """A prepaid balance. The caller holds the lock."""

    __slots__ = ("balance", "images", "spent")

    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.spent = 0
        self.images = 0

    def charge(self, price: int, images: int) -> bool:
        """Take `price` for each of `images`, all or nothing; False when the balance does not cover it."""
        cost = price * images
        if cost > self.balance:
            return False
        self.balance -= cost
        self.spent += cost
        self.images += images
        return True

    def refund(self, price: int, images: int) -> None:
        """Give back what `charge` took."""
        self.balance += price * images
        self.spent -= price * images
        self.images -= images


def micro_usd(usd: float) -> int:
    """US dollars as whole millionths."""
    return round(usd * MICRO)


def usd(micro: int) -> float:
    """Whole millionths as US dollars."""
    return micro / MICRO
