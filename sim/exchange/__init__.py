"""The three currencies that organisations exchange: resources, credibility and ideas."""
