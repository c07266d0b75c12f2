"""The booking engine: who may start an appointment when, from values to values, without a store or a request."""
