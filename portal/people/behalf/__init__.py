"""Acting for somebody else: who may, by which right, as the population register and the register of mandates tell."""
