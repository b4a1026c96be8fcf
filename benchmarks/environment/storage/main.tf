variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts what is stored here."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

module "assets" {
  source      = "../bucket"
  name        = "${var.name}-assets"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

module "audit" {
  source      = "../bucket"
  name        = "${var.name}-audit"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

module "backups" {
  source      = "../bucket"
  name        = "${var.name}-backups"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

module "exports" {
  source      = "../bucket"
  name        = "${var.name}-exports"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

module "reports" {
  source      = "../bucket"
  name        = "${var.name}-reports"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

module "uploads" {
  source      = "../bucket"
  name        = "${var.name}-uploads"
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
  settings    = var.settings
}

output "audit_bucket" {
  value = module.audit.id
}
