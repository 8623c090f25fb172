"""The command `frankpledge`: parses, then calls one plain function. Nothing heavy is imported until a command runs."""
