"""Pictures of motion without a GPU or a display: what is drawn (styles), from where (camera), into which file (video)."""
