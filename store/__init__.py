"""What is known: papers, and how they are found again."""
