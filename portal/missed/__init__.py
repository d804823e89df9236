"""Not called back: clients whose missed calls wait for somebody."""
