"""What happens around the organisations: the calendar, campaigns and the attention of the media."""
