variable "name" {
  type        = string
  description = "Name of the bucket."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts the objects."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}
variable "force_destroy" {
  type        = bool
  description = "Whether a bucket that is not empty can be deleted."
  default     = false
}
variable "algorithm" {
  type        = string
  description = "Algorithm of the encryption."
  default     = "aws:kms"
}
variable "bucket_key" {
  type        = bool
  description = "Whether the bucket has its own data key."
  default     = true
}
variable "object_lock" {
  type        = bool
  description = "Whether versions can be locked, decided when the bucket is made."
  default     = false
}
variable "versioning_owner" {
  type        = string
  description = "Account that must own the bucket, for its versions."
  default     = "111122223333"
}
variable "mfa" {
  type        = string
  description = "Device that confirms the deletion of a version."
  default     = null
}
variable "encryption_owner" {
  type        = string
  description = "Account that must own the bucket, for its encryption."
  default     = "111122223333"
}
variable "keep_block" {
  type        = bool
  description = "Whether the block outlives its removal from the code."
  default     = true
}

resource "aws_s3_bucket" "this" {
  object_lock_enabled = var.object_lock
  bucket              = var.name
  force_destroy       = var.force_destroy
  tags                = var.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  skip_destroy            = var.keep_block
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = var.settings.secure
  block_public_policy     = var.settings.secure
  ignore_public_acls      = var.settings.secure
  restrict_public_buckets = var.settings.secure
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  expected_bucket_owner = var.encryption_owner
  bucket                = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = var.bucket_key
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.algorithm
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  expected_bucket_owner = var.versioning_owner
  mfa                   = var.mfa
  bucket                = aws_s3_bucket.this.id
  versioning_configuration {
    status = var.settings.secure ? "Enabled" : "Suspended"
  }
}

output "id" {
  value = aws_s3_bucket.this.id
}
