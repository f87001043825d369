"""Evidence: the sentences of the papers found, scored as answers, and how surely they are one."""
