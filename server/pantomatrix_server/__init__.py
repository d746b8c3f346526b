"""Speech in, motion out: audio, models, the gRPC service and the command line."""
