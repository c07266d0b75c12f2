"""What is live taken back into the files that manage it: stretches of their text exchanged, nothing written anew."""
