"""The fal face over a real socket."""
