"""Whether a program treats groups alike: a plan fixed first, a file counted, figures published."""
