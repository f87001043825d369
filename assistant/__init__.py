"""What is said: questions in, answers made only of verbatim, cited quotes out."""

__version__ = "0.1.0"
