"""What tables, rules and forms of performance share. Apart from the rules, so that tables load no mathematics."""

TITLE_LENGTH = 300
