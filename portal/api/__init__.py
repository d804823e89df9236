"""What programs ask: telephony, its cabinet, and machines that watch."""
