variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "vpc_id" {
  type        = string
  description = "VPC of the resources."
}
variable "subnet_ids" {
  type        = list(string)
  description = "Subnets the resources are placed in."
}
variable "public_subnets" {
  type        = list(string)
  description = "Subnets of the public load balancer."
}
variable "app_group_id" {
  type        = string
  description = "Security group of the application."
}
variable "web_group_id" {
  type        = string
  description = "Security group of the load balancers."
}
variable "eks_group_id" {
  type        = string
  description = "Security group of the cluster."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts what is stored here."
}
variable "instance_profile" {
  type        = string
  description = "Instance profile of the machines."
}
variable "cluster_role_arn" {
  type        = string
  description = "Role of the cluster."
}
variable "node_role_arn" {
  type        = string
  description = "Role of the cluster's nodes."
}
variable "log_bucket" {
  type        = string
  description = "Bucket of the access logs."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

resource "aws_instance" "app" {
  count                       = 8
  ami                         = "ami-0abcdef1234567890"
  instance_type               = "m7g.large"
  subnet_id                   = var.subnet_ids[count.index % 3]
  vpc_security_group_ids      = [var.app_group_id]
  iam_instance_profile        = var.instance_profile
  associate_public_ip_address = var.settings.public
  monitoring                  = true
  ebs_optimized               = true
  tags                        = merge(var.tags, { Name = "${var.name}-app-${count.index}" })

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = var.settings.secure ? "required" : "optional"
  }

  root_block_device {
    volume_size = 40
    volume_type = "gp3"
    encrypted   = var.settings.encrypted
    kms_key_id  = var.kms_key_arn
  }
}

resource "aws_instance" "batch" {
  for_each                    = toset(["cleanup", "exports", "imports", "invoices"])
  ami                         = "ami-0abcdef1234567890"
  instance_type               = "c7g.xlarge"
  subnet_id                   = var.subnet_ids[0]
  vpc_security_group_ids      = [var.app_group_id]
  associate_public_ip_address = var.settings.public
  tags                        = merge(var.tags, { Name = "${var.name}-${each.key}" })

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = var.settings.secure ? "required" : "optional"
  }

  root_block_device {
    volume_size = 80
    encrypted   = var.settings.encrypted
  }
}

resource "aws_ebs_volume" "app" {
  count             = 8
  availability_zone = "eu-west-1${["a", "b", "c"][count.index % 3]}"
  size              = 200
  type              = "gp3"
  encrypted         = var.settings.encrypted
  kms_key_id        = var.kms_key_arn
  tags              = merge(var.tags, { Name = "${var.name}-app-${count.index}" })
}

resource "aws_lb" "public" {
  name                       = "${var.name}-public"
  internal                   = false
  load_balancer_type         = "application"
  security_groups            = [var.web_group_id]
  subnets                    = var.public_subnets
  drop_invalid_header_fields = var.settings.secure
  enable_deletion_protection = var.settings.secure
  tags                       = var.tags

  access_logs {
    bucket  = var.log_bucket
    prefix  = "public"
    enabled = var.settings.secure
  }
}

resource "aws_lb" "internal" {
  name                       = "${var.name}-internal"
  internal                   = true
  load_balancer_type         = "application"
  security_groups            = [var.app_group_id]
  subnets                    = var.subnet_ids
  drop_invalid_header_fields = var.settings.secure
  enable_deletion_protection = var.settings.secure
  tags                       = var.tags

  access_logs {
    bucket  = var.log_bucket
    prefix  = "internal"
    enabled = var.settings.secure
  }
}

resource "aws_lb_target_group" "app" {
  name        = "${var.name}-app"
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = var.vpc_id
  tags        = var.tags

  health_check {
    path    = "/healthz"
    matcher = "200"
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.public.arn
  port              = 80
  protocol          = "HTTP"
  tags              = var.tags

  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  for_each          = { public = aws_lb.public.arn, internal = aws_lb.internal.arn }
  load_balancer_arn = each.value
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.settings.secure ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : "ELBSecurityPolicy-2016-08"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
  tags              = var.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_eks_cluster" "main" {
  name                      = var.name
  role_arn                  = var.cluster_role_arn
  version                   = "1.31"
  enabled_cluster_log_types = ["api", "audit", "authenticator"]
  tags                      = var.tags

  vpc_config {
    subnet_ids              = var.subnet_ids
    security_group_ids      = [var.eks_group_id]
    endpoint_private_access = true
    endpoint_public_access  = var.settings.public
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = var.kms_key_arn
    }
  }
}

resource "aws_eks_node_group" "main" {
  for_each        = { general = "m7g.large", memory = "r7g.large" }
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = each.key
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids
  instance_types  = [each.value]
  tags            = var.tags

  scaling_config {
    desired_size = 3
    max_size     = 9
    min_size     = 3
  }
}
