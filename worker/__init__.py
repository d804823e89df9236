"""The door calls use: RQ jobs that write calls down and deliver them."""
