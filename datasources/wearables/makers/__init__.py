"""Makers whose services a resident may tie to the portal: where they are, how they are asked, what they answer."""
