variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "engine" {
  type        = string
  description = "Database engine."
}
variable "engine_version" {
  type        = string
  description = "Version of the engine."
}
variable "port" {
  type        = number
  description = "Port the database listens on."
}
variable "vpc_id" {
  type        = string
  description = "VPC of the resources."
}
variable "subnet_group" {
  type        = string
  description = "Subnet group of the databases."
}
variable "client_group_id" {
  type        = string
  description = "Security group of the clients."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts what is stored here."
}
variable "password" {
  type      = string
  sensitive = true
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}
variable "instance_class" {
  type        = string
  description = "Class of the instance."
  default     = "db.r6g.large"
}
variable "allocated_storage" {
  type        = number
  description = "Storage in GiB."
  default     = 100
}
variable "storage_type" {
  type        = string
  description = "Type of the storage."
  default     = "gp3"
}
variable "backup_days" {
  type        = number
  description = "Days that backups are kept."
  default     = 14
}
variable "log_exports" {
  type        = list(string)
  description = "Logs that are exported."
  default     = ["error", "upgrade"]
}
variable "multi_az" {
  type        = bool
  description = "Whether there is a standby."
  default     = true
}
variable "username" {
  type        = string
  description = "Name of the first user."
  default     = "app"
}
variable "max_storage" {
  type        = number
  description = "Largest storage in GiB that the instance grows to."
  default     = 1000
}
variable "backup_window" {
  type        = string
  description = "Hours in which backups are taken, in UTC."
  default     = "02:00-03:00"
}
variable "maintenance_window" {
  type        = string
  description = "Hours in which the instance is maintained, in UTC."
  default     = "sun:03:30-sun:04:30"
}
variable "monitoring_interval" {
  type        = number
  description = "Seconds between two samples of the system's measures."
  default     = 60
}
variable "insights_days" {
  type        = number
  description = "Days that performance data is kept."
  default     = 7
}
variable "certificate_authority" {
  type        = string
  description = "Authority of the server's certificate."
  default     = "rds-ca-rsa2048-g1"
}
variable "apply_immediately" {
  type        = bool
  description = "Whether changes wait for the maintenance window."
  default     = false
}
variable "major_upgrades" {
  type        = bool
  description = "Whether a new major version may be installed."
  default     = false
}
variable "delete_backups" {
  type        = bool
  description = "Whether backups are deleted with the instance."
  default     = false
}
variable "storage_throughput" {
  type        = number
  description = "Throughput of the storage in MiB a second."
  default     = null
}
variable "iops" {
  type        = number
  description = "Operations of the storage in a second."
  default     = null
}
variable "license_model" {
  type        = string
  description = "Licence of the engine."
  default     = null
}

locals {
  operators = {
    office = { cidr = "10.0.250.0/24", protocol = "tcp", port = var.port }
    vpn    = { cidr = "10.0.251.0/24", protocol = "tcp", port = var.port }
  }
}

resource "aws_db_instance" "this" {
  max_allocated_storage                 = var.max_storage
  backup_window                         = var.backup_window
  maintenance_window                    = var.maintenance_window
  monitoring_interval                   = var.monitoring_interval
  performance_insights_retention_period = var.insights_days
  ca_cert_identifier                    = var.certificate_authority
  apply_immediately                     = var.apply_immediately
  allow_major_version_upgrade           = var.major_upgrades
  delete_automated_backups              = var.delete_backups
  storage_throughput                    = var.storage_throughput
  iops                                  = var.iops
  license_model                         = var.license_model
  identifier                            = var.name
  engine                                = var.engine
  engine_version                        = var.engine_version
  instance_class                        = var.instance_class
  allocated_storage                     = var.allocated_storage
  storage_type                          = var.storage_type
  storage_encrypted                     = var.settings.encrypted
  kms_key_id                            = var.kms_key_arn
  username                              = var.username
  password                              = var.password
  port                                  = var.port
  db_subnet_group_name                  = var.subnet_group
  vpc_security_group_ids                = [aws_security_group.this.id]
  publicly_accessible                   = var.settings.public
  multi_az                              = var.multi_az
  backup_retention_period               = var.settings.secure ? var.backup_days : 0
  deletion_protection                   = var.settings.secure
  auto_minor_version_upgrade            = true
  copy_tags_to_snapshot                 = true
  iam_database_authentication_enabled   = true
  enabled_cloudwatch_logs_exports       = var.log_exports
  performance_insights_enabled          = true
  skip_final_snapshot                   = false
  final_snapshot_identifier             = "${var.name}-final"
  tags                                  = var.tags
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "Database ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-database" })
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_group_id
  description                  = "Clients of ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "operators" {
  for_each          = local.operators
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = each.value.cidr
  description       = "Operators of ${var.name} from ${each.key}"
  ip_protocol       = each.value.protocol
  from_port         = each.value.port
  to_port           = each.value.port
  tags              = var.tags
}
