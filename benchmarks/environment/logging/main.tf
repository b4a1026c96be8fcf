variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts what is stored here."
}
variable "bucket" {
  type        = string
  description = "Bucket of the audit trail."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/${var.name}/flow"
  retention_in_days = 365
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "trail" {
  name              = "/${var.name}/trail"
  retention_in_days = 365
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudtrail" "main" {
  name                          = var.name
  s3_bucket_name                = var.bucket
  kms_key_id                    = var.kms_key_arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = var.settings.secure
  tags                          = var.tags
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = "alias/${var.name}-logs"
  tags              = var.tags
}

output "flow_log_group_arn" {
  value = aws_cloudwatch_log_group.flow.arn
}
output "alarm_topic_arn" {
  value = aws_sns_topic.alarms.arn
}
