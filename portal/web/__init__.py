"""What every page and door stands on: who asks, answers, errors, guards, words of the frame."""
