"""fal.ai's dialect: direct runs, the queue, files, webhooks."""
