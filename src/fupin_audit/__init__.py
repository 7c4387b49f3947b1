"""fupin-audit: check and clean household registers (建档立卡 / 防返贫监测)."""

__version__ = "0.1.0"
