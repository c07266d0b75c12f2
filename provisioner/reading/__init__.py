"""Reading a tenant: for a plan, for all there is, for when something can be booked, and for what is booked."""
