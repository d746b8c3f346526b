"""Makes the contract's messages for engines, in which protobuf's own libraries are not welcome."""
