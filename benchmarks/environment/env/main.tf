variable "name" {
  type        = string
  description = "Name of the environment, a prefix of the names of its resources."
}
variable "cidr" {
  type        = string
  description = "Address range of the VPC."
}
variable "owner" {
  type        = string
  description = "Team that answers for the resources."
}
variable "database_password" {
  type      = string
  sensitive = true
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

locals {
  tags = {
    CostCentre         = "cc-4711"
    DataClassification = "confidential"
    Environment        = var.name
    Owner              = var.owner
    Repository         = "infrastructure/environments"
    SupportContact     = "platform-oncall@example.com"
  }
}

module "network" {
  source   = "../network"
  name     = var.name
  cidr     = var.cidr
  zones    = { a = 0, b = 1, c = 2 }
  tags     = local.tags
  settings = var.settings
  log_role = module.identity.flow_log_role_arn
  log_arn  = module.logging.flow_log_group_arn
}

module "security" {
  source   = "../security"
  name     = var.name
  vpc_id   = module.network.vpc_id
  tags     = local.tags
  settings = var.settings
}

module "identity" {
  source   = "../identity"
  name     = var.name
  tags     = local.tags
  settings = var.settings
}

module "logging" {
  source      = "../logging"
  name        = var.name
  kms_key_arn = module.security.key_arns["logs"]
  bucket      = module.storage.audit_bucket
  tags        = local.tags
  settings    = var.settings
}

module "storage" {
  source      = "../storage"
  name        = var.name
  kms_key_arn = module.security.key_arns["storage"]
  tags        = local.tags
  settings    = var.settings
}

module "data" {
  source          = "../data"
  name            = var.name
  vpc_id          = module.network.vpc_id
  subnet_ids      = module.network.database_subnet_ids
  kms_key_arn     = module.security.key_arns["data"]
  client_group_id = module.security.app_group_id
  cache_group_id  = module.security.cache_group_id
  password        = var.database_password
  tags            = local.tags
  settings        = var.settings
}

module "compute" {
  source           = "../compute"
  name             = var.name
  vpc_id           = module.network.vpc_id
  subnet_ids       = module.network.private_subnet_ids
  public_subnets   = module.network.public_subnet_ids
  app_group_id     = module.security.app_group_id
  web_group_id     = module.security.web_group_id
  eks_group_id     = module.security.eks_group_id
  kms_key_arn      = module.security.key_arns["compute"]
  instance_profile = module.identity.instance_profile
  cluster_role_arn = module.identity.cluster_role_arn
  node_role_arn    = module.identity.node_role_arn
  log_bucket       = module.storage.audit_bucket
  tags             = local.tags
  settings         = var.settings
}

module "checkout" {
  source       = "../service"
  name         = "${var.name}-checkout"
  port         = 443
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

module "search" {
  source       = "../service"
  name         = "${var.name}-search"
  port         = 9200
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

module "catalog" {
  source       = "../service"
  name         = "${var.name}-catalog"
  port         = 8080
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

module "billing" {
  source       = "../service"
  name         = "${var.name}-billing"
  port         = 8443
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

module "shipping" {
  source       = "../service"
  name         = "${var.name}-shipping"
  port         = 8081
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

module "notify" {
  source       = "../service"
  name         = "${var.name}-notify"
  port         = 5671
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.private_subnet_ids
  web_group_id = module.security.web_group_id
  kms_key_arn  = module.security.key_arns["compute"]
  alarm_topic  = module.logging.alarm_topic_arn
  tags         = local.tags
  settings     = var.settings
}

output "vpc_id" {
  value = module.network.vpc_id
}
