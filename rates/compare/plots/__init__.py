"""Pictures of a comparison: wall times, speed-ups and timelines as SVG, HTML, PNG and characters."""
