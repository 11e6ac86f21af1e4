"""What the service is, whatever dialect it speaks: values, reasons, limits, validation."""
