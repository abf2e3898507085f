"""The population register and the register of mandates, made up: who may act for whom."""
