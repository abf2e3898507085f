"""Another city's made-up world, smaller than the first one's: a library, schools, a population register, identity."""
