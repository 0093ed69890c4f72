"""What is no model: plain Python that the models share."""
