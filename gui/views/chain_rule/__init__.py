"""The chain-rule inspector: why the selected number of the network is what it is."""

from gui.views.chain_rule.view import ChainRuleView

__all__ = ["ChainRuleView"]
